import type { CallFault } from '@facet/service-kit/faults';
import type { Toxic } from './toxic.js';

/** A fault as it would be typed. */
export function describeFault(fault: CallFault | Toxic): string {
  switch (fault.kind) {
    case 'slow':
      return `slow ${time(fault.delayMs, fault.jitterMs)}`;
    case 'failing':
      return `failing ${fault.problem}`;
    case 'flapping':
      return `flapping ${time(fault.everyMs)}`;
    case 'latency':
      return `latency ${time(fault.ms, fault.jitterMs)}${direction(fault)}`;
    case 'bandwidth':
      return `bandwidth ${fault.bytesPerSecond}B/s${direction(fault)}`;
    case 'reset':
    case 'half-open':
      return `${fault.kind}${fault.afterBytes ? ` after ${fault.afterBytes}B` : ''}${direction(fault)}`;
    default:
      return fault.kind;
  }
}

function time(ms: number, jitterMs = 0): string {
  return jitterMs > 0 ? `${ms}ms±${jitterMs}ms` : `${ms}ms`;
}

function direction({ direction }: { direction?: string | undefined }): string {
  return direction === undefined ? '' : ` --direction ${direction}`;
}
