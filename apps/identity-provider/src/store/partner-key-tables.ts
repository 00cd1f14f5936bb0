import type { Generated } from 'kysely';

/** Who manages a partner's keys. */
export interface PartnerAdminTable {
  account_id: string;
  client_id: string;
  since: Generated<Date>;
}

/** A key of a partner. Of the key itself there is only a keyed hash, and its first characters for people to know it by. */
export interface PartnerKeyTable {
  id: string;
  client_id: string;
  key_hash: string;
  /** `facet_live_Ab3d`: what is left to guess is 166 bits. */
  begins_with: string;
  name: string;
  scopes: string[];
  /** As CIDR; none: from everywhere. */
  networks: string[];
  /** Null: a command, or somebody who is gone. */
  created_by: string | null;
  created_at: Generated<Date>;
  expires_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
}
