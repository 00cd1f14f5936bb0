import type { Random } from './random.js';

const openings = [
  'Morning all.',
  'Quick one:',
  'Heads up,',
  'For the record,',
  'Good news:',
  'Small question.',
  'Just saw this.',
  'Done.',
  'Hmm.',
  'Yes!',
  'Not sure, but',
  'As discussed,',
];
const subjects = [
  'the release',
  'the new dashboard',
  'the search page',
  'our staging cluster',
  'the onboarding flow',
  'the Tuesday meeting',
  'the billing report',
  'the mobile build',
  'the partner contract',
  'my branch',
  'the incident review',
  'the coffee machine',
];
const verbs = [
  'is green again',
  'needs another pair of eyes',
  'moved to Thursday',
  'looks much better now',
  'broke on an empty list',
  'is twice as fast',
  'waits for a decision',
  'goes out this afternoon',
  'was rolled back',
  'still has two open questions',
  'has a first draft',
];
const endings = [
  'Who can take a look?',
  'Notes are in the document.',
  'Shout if I missed anything.',
  'Thanks everybody.',
  'Let us talk after lunch.',
  'I will write it up.',
  'Any objections?',
  '',
  '',
  '',
];
const answers = [
  'Agreed.',
  'On it.',
  'Looks good to me.',
  'I had the same thought.',
  'Could you share the numbers?',
  'Let us wait for the tests.',
  'Nice work!',
  'Why not both?',
  'I would rather not, sorry.',
  'Done, have a look.',
];

/** Something that somebody would say out of the blue. */
export function remark(random: Random): string {
  const sentences = [random.one(openings), `${capital(random.one(subjects))} ${random.one(verbs)}.`];
  if (random.chance(0.4)) sentences.push(`${capital(random.one(subjects))} ${random.one(verbs)}.`);
  sentences.push(random.one(endings));
  return sentences.filter(Boolean).join(' ');
}

/** Something that somebody would answer. */
export function answer(random: Random): string {
  return random.chance(0.5) ? random.one(answers) : `${random.one(answers)} ${capital(random.one(subjects))} ${random.one(verbs)}.`;
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
