import type { Workload } from './workload.js';

/** How long `npm start` takes when nothing is to be installed, built or made. */
export const warmStart: Workload = {
  name: 'start',
  about: 'start of the whole constellation, warm',
  run: async (bench) => {
    const first = await bench.installation;
    const { started } = first.started.warm ? first : await bench.restart();
    return {
      figures: [],
      judgements: [{ goal: 'start of the constellation, warm: seconds', value: started.seconds, atMost: 10 }],
      remarks: [],
    };
  },
};
