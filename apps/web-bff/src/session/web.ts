import type { IssuerClient } from './issuer-client.js';
import type { Sessions } from './sessions.js';
import type { SignIns } from './sign-ins.js';

/** What signing in and out is done with. */
export abstract class Web {
  abstract readonly issuer: IssuerClient;
  abstract readonly sessions: Sessions;
  abstract readonly signIns: SignIns;
  /** Where browsers reach us. A request's `Host` may be chosen by anybody. */
  abstract readonly publicUrl: string;
  abstract readonly report: (failure: unknown, message: string) => void;
}
