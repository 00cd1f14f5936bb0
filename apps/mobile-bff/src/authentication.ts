import { admit, readAccessToken, recallOrVerify, type AccessTokens, type AuthenticationStep } from '@facet/auth';

/** How we find out who is calling, in this order. */
export const authentication = (tokens: AccessTokens): readonly AuthenticationStep[] => [readAccessToken, recallOrVerify(tokens), admit];
