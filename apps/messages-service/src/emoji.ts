import { z } from 'zod';

// The v flag and its properties of strings are newer than the compiler's target, so no literals.
const recommendedEmoji = new RegExp('^\\p{RGI_Emoji}$', 'v');
const emojiPresentation = '\u{fe0f}';

/** Exactly one emoji as people see it (UTS #51). ❤ without its variation selector is ❤️. */
export const emoji = z.string().transform((value, context) => {
  if (recommendedEmoji.test(value)) return value;
  if (recommendedEmoji.test(value + emojiPresentation)) return value + emojiPresentation;
  context.addIssue({ code: 'custom', message: 'must be one emoji' });
  return z.NEVER;
});
