import { newPartnerKey } from '@facet/auth';
import { ReportKeyUsesRequest, VerifyKeyRequest, VerifyKeyResponse, type KeyUse, type PartnerKey } from '@facet/contracts/keys';
import { idOf, type HttpFakeHandlers, type HttpFakeRequest } from '@facet/testing';

export const bot = idOf(700);

/** A key that reads and writes, from everywhere, for an hour; other facts as given. */
export function aKey(facts: Partial<PartnerKey> = {}): PartnerKey {
  return {
    id: idOf(701),
    clientId: 'demo-partner',
    subject: bot,
    roles: ['user'],
    scopes: ['read:rooms', 'read:messages'],
    networks: [],
    expiresAt: new Date(Date.now() + 3_600_000),
    ...facts,
  };
}

/** identity-provider with keys of a test's own, and what it was told of their use. */
export function keysFake() {
  const known = new Map<string, PartnerKey>();
  const asked: HttpFakeRequest[] = [];
  const uses: KeyUse[] = [];
  const handlers: HttpFakeHandlers = {
    'POST /keys/verify': (request) => {
      asked.push(request);
      const { key } = VerifyKeyRequest.fromJSON(JSON.parse(request.body.toString()));
      return { body: VerifyKeyResponse.toJSON({ key: known.get(key), asOf: new Date() }) as object };
    },
    'POST /keys/uses': (request) => {
      uses.push(...ReportKeyUsesRequest.fromJSON(JSON.parse(request.body.toString())).uses);
      return { status: 204 };
    },
  };
  const add = (facts?: Partial<PartnerKey>): string => {
    const key = newPartnerKey('test');
    known.set(key, aKey(facts));
    return key;
  };
  return { handlers, known, asked, uses, add };
}
