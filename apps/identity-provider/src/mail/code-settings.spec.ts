import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addressesKnown, codeSettings, formIsFlat, gatewayOf } from './code-settings.js';

const Settings = z
  .object(codeSettings)
  .refine(...addressesKnown)
  .refine(...formIsFlat);
const wrong = (environment: object) => Settings.safeParse(environment).error?.issues.map(({ path }) => path[0]);

describe('settings of one-time codes', () => {
  it('are limits and no gateway, unless told', () => {
    const settings = Settings.parse({});
    expect(settings).toMatchObject({
      CODES_PER_RECIPIENT: 5,
      CODES_PER_ACCOUNT: 10,
      CODES_PER_IP: 60,
      ADDRESS_TABLE: [],
      ADDRESS_TABLE_FILE: [],
    });
    expect([settings.PHONE_COUNTRIES, settings.ADDRESS_COUNTRIES, gatewayOf(settings)]).toEqual([undefined, undefined, undefined]);
  });

  it('describe any gateway', () => {
    const body = { messages: { to: '{to}', text: '{text}' } };
    const told = {
      SMS_URL: 'https://sms.example/send',
      SMS_METHOD: 'PUT',
      SMS_BODY: JSON.stringify(body),
      SMS_TOKEN: 'secret',
      SMS_FROM: 'Us',
    };
    expect(gatewayOf(Settings.parse(told))).toEqual({
      url: told.SMS_URL,
      method: 'PUT',
      format: 'json',
      body,
      from: 'Us',
      token: 'secret',
    });
    expect(gatewayOf(Settings.parse({ SMS_URL: 'http://localhost:9/send' }))?.url).toBe('http://localhost:9/send');
  });

  it('take a table from a file as well', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'table-')), 'table');
    writeFileSync(file, '# ours\n203.0.113.0/24 DE\n');
    const { ADDRESS_TABLE, ADDRESS_TABLE_FILE } = Settings.parse({
      ADDRESS_COUNTRIES: 'deny:KP',
      ADDRESS_TABLE: '2001:db8::/32 AT',
      ADDRESS_TABLE_FILE: file,
    });
    expect([...ADDRESS_TABLE, ...ADDRESS_TABLE_FILE].map(({ country }) => country)).toEqual(['AT', 'DE']);
  });

  it.each([
    [{ SMS_URL: 'http://sms.example/send' }, 'SMS_URL'],
    [{ SMS_BODY: '{"to": 1}' }, 'SMS_BODY'],
    [{ SMS_BODY: 'to={to}' }, 'SMS_BODY'],
    [{ SMS_FORMAT: 'form', SMS_BODY: '{"a":{"to":"{to}"}}' }, 'SMS_BODY'],
    [{ SMS_METHOD: 'GET' }, 'SMS_METHOD'],
    [{ CODES_PER_IP: '0' }, 'CODES_PER_IP'],
    [{ PHONE_COUNTRIES: 'DE,AT' }, 'PHONE_COUNTRIES'],
    [{ ADDRESS_TABLE: '203.0.113.0/99 DE' }, 'ADDRESS_TABLE'],
    [{ ADDRESS_TABLE_FILE: '/nothing/there' }, 'ADDRESS_TABLE_FILE'],
    [{ ADDRESS_COUNTRIES: 'deny:KP' }, 'ADDRESS_COUNTRIES'],
  ])('%j is refused by the name of what is wrong', (environment, name) => {
    expect(wrong(environment)).toEqual([name]);
  });
});
