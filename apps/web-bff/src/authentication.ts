import { admit, recallOrVerify, type AccessTokens, type AuthenticationStep } from '@facet/auth';
import type { Sessions } from './session/sessions.js';
import { findSession, requireCsrfHeader, requireSessionCookie } from './session/steps.js';

/** How we find out who is calling, in this order. */
export const authentication = (tokens: AccessTokens, sessions: Sessions): readonly AuthenticationStep[] => [
  requireSessionCookie,
  requireCsrfHeader,
  findSession(sessions),
  recallOrVerify(tokens),
  admit,
];
