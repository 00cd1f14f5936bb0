import { z } from 'zod';
import { list, port } from './settings.js';

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'must be addresses or networks such as 192.0.2.0/24');

/** networks: addresses, or ranges of them as CIDR, separated by commas; absent means none. Nobody means everybody. */
export const networks = list.pipe(z.array(network.refine((text) => !text.endsWith('/0'), 'must not be everybody')));

/** proxySettings: the proxies that are believed when they say of what address a client is, and how it asked (`x-forwarded-for`, `-proto`, `-host`). */
export const proxySettings = { TRUSTED_PROXIES: networks };

/**
 * partnerTlsSettings: a listener by TLS beside the plain one, for clients with certificates; its certificate and key are PEM files that are followed. And the
 * proxies that end TLS for clients and say which certificate was shown (`Client-Cert`, RFC 9440), having taken away what clients say of it.
 */
export const partnerTlsSettings = {
  PARTNER_TLS_PORT: port.optional(),
  PARTNER_TLS_CERT_FILE: z.string().optional(),
  PARTNER_TLS_KEY_FILE: z.string().optional(),
  CLIENT_CERT_PROXIES: networks,
};

/** PartnerTlsSettings: the listener of `partnerTlsSettings`. */
export interface PartnerTlsSettings {
  readonly PARTNER_TLS_PORT?: number | undefined;
  readonly PARTNER_TLS_CERT_FILE?: string | undefined;
  readonly PARTNER_TLS_KEY_FILE?: string | undefined;
}

/** partnerTlsWhole: for `refine` on settings with `partnerTlsSettings`: all of them, or none; reported together with whatever else is wrong. */
export const partnerTlsWhole: [(settings: PartnerTlsSettings) => boolean, { path: string[]; error: string; when: () => boolean }] = [
  ({ PARTNER_TLS_PORT, PARTNER_TLS_CERT_FILE, PARTNER_TLS_KEY_FILE }) =>
    new Set([PARTNER_TLS_PORT, PARTNER_TLS_CERT_FILE, PARTNER_TLS_KEY_FILE].map((setting) => setting === undefined)).size === 1,
  {
    path: ['PARTNER_TLS_PORT'],
    error: 'belongs to PARTNER_TLS_CERT_FILE and PARTNER_TLS_KEY_FILE: set all of them, or none',
    when: () => true,
  },
];
