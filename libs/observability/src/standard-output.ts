import { pino, type DestinationStream } from 'pino';

/** LineStream: takes lines, and `flush` when it may not wait with those that it has. */
export interface LineStream extends DestinationStream {
  flush(): void;
}

/** gatherLines: hands on the lines of one turn of the event loop together when it ends, or at once when told to. A write costs more than a line. */
export function gatherLines(destination: DestinationStream): LineStream {
  let waiting = '';
  const flush = () => {
    const lines = waiting;
    waiting = '';
    if (lines) destination.write(lines);
  };
  return {
    write(line) {
      if (!waiting) setImmediate(flush);
      waiting += line;
    },
    flush,
  };
}

let shared: LineStream | undefined;

/** standardOutput: the standard output of this process, written before `flush`, the turn or the process is over. One for all loggers. */
export function standardOutput(): LineStream {
  if (shared) return shared;
  const lines = gatherLines(pino.destination({ dest: 1, sync: true }));
  process.once('exit', lines.flush);
  return (shared = lines);
}
