import {
  assertObjectType,
  assertScalarType,
  buildSchema,
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isObjectType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import { messageSdl } from '../message/message-type.js';
import { messageResolvers } from '../message/message.resolver.js';
import { notificationSdl } from '../notification/notification-type.js';
import { notificationResolvers } from '../notification/notification.resolver.js';
import { roomSdl } from '../room/room-type.js';
import { roomResolvers } from '../room/room.resolver.js';
import { userSdl } from '../user/user-type.js';
import { userResolvers } from '../user/user.resolver.js';
import { accessSdl, enforceAccess } from './access.js';
import { connectionSdl } from './connection.js';
import { dateTimeSdl, serializeDateTime } from './date-time.js';
import { faultsSdl } from './faults.js';
import { factsOf, type Resolvers } from './field.js';
import type { Sources } from './sources.js';

const typeDefs = [accessSdl, faultsSdl, dateTimeSdl, connectionSdl, userSdl, roomSdl, messageSdl, notificationSdl];

export function webSchema(sources: Sources): GraphQLSchema {
  const topics = [userResolvers, roomResolvers, messageResolvers, notificationResolvers];
  const schema = toSchema(
    typeDefs,
    topics.map((resolvers) => resolvers(sources)),
  );
  assertScalarType(schema.getType('DateTime')).serialize = serializeDateTime;
  return schema;
}

/** A schema whose every root field says who may use it, whose every argument is checked, and whose every list has a size that a query's cost can be told from. */
export function toSchema(typeDefs: readonly string[], resolvers: readonly Resolvers[]): GraphQLSchema {
  const schema = buildSchema(typeDefs.join('\n'));
  for (const topic of resolvers) bind(schema, topic);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) throw new Error(`${type.name} is an interface or a union, and plans are made for objects`);
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) requireFacts(`${type.name}.${field.name}`, field);
  }
  enforceAccess(schema);
  return schema;
}

function bind(schema: GraphQLSchema, resolvers: Resolvers): void {
  for (const [typeName, declared] of Object.entries(resolvers)) {
    const fields = assertObjectType(schema.getType(typeName)).getFields();
    for (const [name, field] of Object.entries(declared)) {
      if (!fields[name]) throw new Error(`${typeName}.${name} is not in the schema`);
      Object.assign(fields[name], typeof field === 'function' ? { resolve: field } : field);
    }
  }
}

function requireFacts(name: string, field: GraphQLField<unknown, unknown>): void {
  const facts = factsOf(field);
  if (field.args.length > 0 && !facts?.arguments) throw new Error(`${name} does not say what its arguments must be`);
  if (isFoundList(field) && !facts?.rows) throw new Error(`${name} does not say how many rows to expect`);
}

/** A list that a resolver goes out for: of objects, or a connection. */
function isFoundList({ type, resolve = defaultFieldResolver }: GraphQLField<unknown, unknown>): boolean {
  const named = getNamedType(type);
  if (resolve === defaultFieldResolver || !isObjectType(named)) return false;
  return isListType(getNullableType(type)) || named.name.endsWith('Connection');
}
