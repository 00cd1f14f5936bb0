export const userSdl = `
  type Query {
    "Who is calling."
    me: User @access @faults
    "Somebody by id."
    user(id: ID!): User @access(scope: "read:users") @faults(users: "partial")
  }

  type Mutation {
    "Changes what is present, on the caller's own profile; null removes what may be absent."
    updateProfile(input: UpdateProfileInput!): User! @access(scope: "write:users") @faults(users: "problem")
  }

  "A person or bot. Whose profile nobody knows any more goes by the id."
  type User {
    id: ID!
    username: String! @faults(users: "partial")
    "For oneself and admins."
    email: String @faults(users: "partial")
    profile: UserProfile @faults(users: "partial")
    "The rooms they are in, of those that the caller may see, newest first."
    rooms: [Room!]! @access(scope: "read:rooms") @faults(rooms: "partial")
    "What they said in rooms that the caller may see, newest first."
    messages(first: Int, after: String): MessageConnection @access(scope: "read:messages") @faults(messages: "partial")
  }

  type UserProfile { name: String! about: String avatarUrl: String }

  input UpdateProfileInput { name: String about: String avatarUrl: String }
`;
