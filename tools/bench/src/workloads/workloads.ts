import { authentication } from './authentication.js';
import { idleBatching } from './batching.js';
import { graphqlHome, lastAuthors } from './graphql.js';
import { mobileHome, mobileRoom, partnerList } from './real-screens.js';
import { warmStart } from './start.js';
import { bareHome, wholeHome } from './synthetic-home.js';
import { coldTokens } from './tokens.js';
import type { Workload } from './workload.js';

/** What a quick run looks at unless told. */
export const quickWorkloads: readonly Workload[] = [bareHome, wholeHome, graphqlHome, mobileHome];

/** All of them, in the order of the table. */
export const workloads: readonly Workload[] = [
  bareHome,
  wholeHome,
  graphqlHome,
  lastAuthors,
  coldTokens,
  authentication,
  idleBatching,
  warmStart,
  mobileHome,
  mobileRoom,
  partnerList,
];
