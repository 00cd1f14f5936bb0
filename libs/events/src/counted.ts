import { gauge } from '@facet/observability';
import type { Follower } from './watch.js';

/** The same follower, whose state is a metric. */
export function counted(topic: string, follower: Follower): Follower {
  const watching = gauge({ name: 'facet_watching', help: 'Whether this process sees the events of a topic', labels: ['topic'] });
  const tell = (seeing: boolean) => watching.set({ topic }, Number(seeing));
  tell(false);
  return {
    began: () => {
      follower.began();
      tell(true);
    },
    saw: (event) => follower.saw(event),
    lost: () => {
      follower.lost();
      tell(false);
    },
  };
}
