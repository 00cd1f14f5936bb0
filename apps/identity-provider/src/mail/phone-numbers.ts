import { parsePhoneNumberFromString, type PhoneNumberType } from 'libphonenumber-js/max';
import { unknownCountry } from './countries.js';

const longest = 40;
// Nobody gets a text message there, or somebody pays for it.
const unfit: readonly (PhoneNumberType | undefined)[] = [
  'PREMIUM_RATE',
  'SHARED_COST',
  'TOLL_FREE',
  'UAN',
  'PAGER',
  'VOICEMAIL',
  'FIXED_LINE',
];

/** A number as E.164 has it (`+4915123456789`), where it is one that text messages reach. It must say its country. */
export function parsePhone(text: string): string | undefined {
  if (text.length > longest) return undefined;
  const number = parsePhoneNumberFromString(text.trim().replace(/^00/, '+'), { extract: false });
  return number?.isValid() && !unfit.includes(number.getType()) && !number.ext ? number.number : undefined;
}

export function countryOfPhone(phone: string): string {
  return parsePhoneNumberFromString(phone)?.country ?? unknownCountry;
}

/** As people read it: `+49 1512 3456789`. */
export function readablePhone(phone: string): string {
  return parsePhoneNumberFromString(phone)?.formatInternational() ?? phone;
}
