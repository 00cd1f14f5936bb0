/** Every text that people read, by language and key. A key that one language lacks does not compile. */
const en = {
  product: 'Facet',
  signIn: 'Sign in',
  signInTo: (client: string) => `Sign in to continue to ${client}`,
  login: 'E-mail or username',
  password: 'Password',
  wrongCredentials: 'That name and password do not belong together.',
  waitSeconds: (seconds: number) => `Too many attempts. Try again in ${seconds} seconds.`,
  cancel: 'Cancel',
  consentTitle: (client: string) => `Let ${client} act for you?`,
  consentIntro: (client: string, name: string) => `${client} would like to do this in your name, ${name}:`,
  allow: 'Allow',
  deny: 'Do not allow',
  continue: 'Continue',
  scopes: {
    'read:users': 'see people and their profiles',
    'write:users': 'change your profile',
    'read:rooms': 'see your rooms',
    'write:rooms': 'create, join and leave rooms',
    'read:messages': 'read your messages',
    'write:messages': 'write, change and delete messages',
    'read:notifications': 'see your notifications',
    'write:notifications': 'mark notifications as read',
    'read:settings': 'see your settings',
    'write:settings': 'change your settings',
    offline_access: 'do this also while you are away',
  } as Readonly<Record<string, string>>,
  signOutTitle: 'Sign out?',
  signOutIntro: 'You will be signed out here and in the applications that you reached from here.',
  signOut: 'Sign out',
  stay: 'Stay signed in',
  signedOutTitle: 'You are signed out',
  signedOut: 'You can close this page.',
  errorTitle: 'This did not work',
  expired: 'This page has expired, or was opened in another browser. Go back to the application and begin again.',
  errorIntro: 'Go back to the application and begin again. It was told:',
};

export type Texts = typeof en;
export type Language = 'en' | 'de';

const de: Texts = {
  product: 'Facet',
  signIn: 'Anmelden',
  signInTo: (client) => `Anmelden, um mit ${client} fortzufahren`,
  login: 'E-Mail oder Benutzername',
  password: 'Passwort',
  wrongCredentials: 'Dieser Name und dieses Passwort gehören nicht zusammen.',
  waitSeconds: (seconds) => `Zu viele Versuche. Bitte in ${seconds} Sekunden noch einmal.`,
  cancel: 'Abbrechen',
  consentTitle: (client) => `Darf ${client} für Sie handeln?`,
  consentIntro: (client, name) => `${client} möchte in Ihrem Namen, ${name}:`,
  allow: 'Erlauben',
  deny: 'Nicht erlauben',
  continue: 'Weiter',
  scopes: {
    'read:users': 'Personen und ihre Profile sehen',
    'write:users': 'Ihr Profil ändern',
    'read:rooms': 'Ihre Räume sehen',
    'write:rooms': 'Räume anlegen, betreten und verlassen',
    'read:messages': 'Ihre Nachrichten lesen',
    'write:messages': 'Nachrichten schreiben, ändern und löschen',
    'read:notifications': 'Ihre Mitteilungen sehen',
    'write:notifications': 'Mitteilungen als gelesen markieren',
    'read:settings': 'Ihre Einstellungen sehen',
    'write:settings': 'Ihre Einstellungen ändern',
    offline_access: 'all das auch, während Sie nicht da sind',
  },
  signOutTitle: 'Abmelden?',
  signOutIntro: 'Sie werden hier abgemeldet und in den Anwendungen, die Sie von hier aus erreicht haben.',
  signOut: 'Abmelden',
  stay: 'Angemeldet bleiben',
  signedOutTitle: 'Sie sind abgemeldet',
  signedOut: 'Sie können diese Seite schließen.',
  errorTitle: 'Das hat nicht geklappt',
  expired: 'Diese Seite ist abgelaufen oder wurde in einem anderen Browser geöffnet. Bitte beginnen Sie in der Anwendung von vorn.',
  errorIntro: 'Bitte beginnen Sie in der Anwendung von vorn. Ihr wurde gesagt:',
};

const languages: Readonly<Record<Language, Texts>> = { en, de };

/** The first language of `Accept-Language` that we speak; else English. */
export function speak(acceptLanguage: string | undefined): { texts: Texts; language: Language } {
  const wanted = (acceptLanguage ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  const language = wanted.find((each): each is Language => Object.hasOwn(languages, each)) ?? 'en';
  return { texts: languages[language], language };
}
