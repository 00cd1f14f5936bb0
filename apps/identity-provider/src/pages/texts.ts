import { en, type Texts } from './english.js';
import { de } from './german.js';

export type { Texts };
export type Language = 'en' | 'de';

const languages: Readonly<Record<Language, Texts>> = { en, de };

/** The first language of `Accept-Language` that we speak; else English. */
export function speak(acceptLanguage: string | undefined): { texts: Texts; language: Language } {
  const wanted = (acceptLanguage ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  const language = wanted.find((each): each is Language => Object.hasOwn(languages, each)) ?? 'en';
  return { texts: languages[language], language };
}
