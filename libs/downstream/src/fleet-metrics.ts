import type { EjectionReason, Fleet, Member } from '@facet/balancing';
import { counter, gauge } from '@facet/observability';

const instances = gauge({
  name: 'facet_downstream_instances',
  help: 'Instances of a target, by state: listed by its registry, or active, which take calls now.',
  labels: ['target', 'state'],
});
const ejections = counter({
  name: 'facet_downstream_ejections_total',
  help: 'Instances that were taken out for what they did, by why.',
  labels: ['target', 'reason'],
});

/** fleetMetrics: what the fleet of a target is counted by; told by the fleet. */
export function fleetMetrics(target: string) {
  return {
    changed: ({ members, breadth }: Fleet): void => {
      instances.set({ target, state: 'listed' }, members.length);
      instances.set({ target, state: 'active' }, members.length === 0 ? 0 : breadth);
    },
    ejected: (_: Member, reason: EjectionReason | undefined): void => {
      if (reason !== undefined) ejections.inc({ target, reason });
    },
  };
}
