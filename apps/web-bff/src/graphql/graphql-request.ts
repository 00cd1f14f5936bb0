import { text } from '@facet/edge';
import { z } from 'zod';

const maxCharacters = 100_000;
const query = text(1, maxCharacters);
const operationName = z.string().max(200).nullish();
const map = z.record(z.string(), z.unknown());

/** The parameters of a request in a body. `extensions` may be sent; none has a meaning here. */
export const GraphqlBody = z.strictObject({ query, operationName, variables: map.nullish(), extensions: map.nullish() });

const jsonMap = z
  .string()
  .transform((value, context) => {
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JSON object' });
      return z.NEVER;
    }
  })
  .pipe(map.nullable());

/** The same in a URL, where maps are written in JSON. */
export const GraphqlParameters = z.strictObject({ query, operationName, variables: jsonMap.optional(), extensions: jsonMap.optional() });

export type GraphqlRequest = z.output<typeof GraphqlBody> & { readonly method: 'GET' | 'POST' };
