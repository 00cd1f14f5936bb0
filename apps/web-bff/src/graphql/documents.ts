import type { ProblemCode } from '@facet/errors';
import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { KnownDocument } from './known-document.js';
import { RefusedRequest } from './refused-request.js';

export const maxTokens = 1_000;
const maxErrors = 20;
const keptDocuments = 500;
const keptCharacters = 400_000;

/** Documents that were parsed and validated, kept by their text with their plans: each distinct query is read once. Bounded in number and in size. */
export class Documents {
  private readonly kept = new Map<string, KnownDocument>();
  private characters = 0;
  private readonly rules: readonly ValidationRule[];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly options: { readonly introspection: boolean },
  ) {
    this.rules = options.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  }

  /** The document, known to be valid; throws RefusedRequest. */
  read(query: string): KnownDocument {
    const known = this.kept.get(query);
    if (!known) return this.keep(query, this.check(query));
    this.kept.delete(query);
    this.kept.set(query, known);
    return known;
  }

  private check(query: string): KnownDocument {
    const document = this.parse(query);
    const errors = validate(this.schema, document, this.rules, { maxErrors });
    if (errors.length > 0) throw new RefusedRequest(errors.map((error) => this.coded(error, 'validation-failed')));
    return new KnownDocument(this.schema, document);
  }

  private parse(query: string): DocumentNode {
    try {
      return parse(query, { maxTokens });
    } catch (error) {
      if (error instanceof GraphQLError) throw new RefusedRequest([this.coded(error, 'invalid-request')]);
      throw error;
    }
  }

  /** Without introspection the schema is not to be guessed from suggestions either. */
  private coded({ message, nodes, source, positions }: GraphQLError, code: ProblemCode): GraphQLError {
    const text = this.options.introspection ? message : message.replace(/ Did you mean [^?]*\?/g, '');
    return new GraphQLError(text, { nodes, source, positions, extensions: { code } });
  }

  private keep(query: string, document: KnownDocument): KnownDocument {
    this.kept.set(query, document);
    this.characters += query.length;
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= keptDocuments && this.characters <= keptCharacters) break;
      this.kept.delete(oldest);
      this.characters -= oldest.length;
    }
    return document;
  }
}
