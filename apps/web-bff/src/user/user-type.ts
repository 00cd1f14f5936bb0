export const userSdl = `
  type Query {
    "Who is calling."
    me: User @access @faults
    "Somebody by id."
    user(id: ID!): User @access(rule: "user:read") @faults(users: "partial")
  }

  type Mutation {
    "Changes what is present, on the caller's own profile; null removes what may be absent."
    updateProfile(input: UpdateProfileInput!): User! @access(rule: "user:update") @faults(users: "problem")
  }

  "A person or bot. Whose profile nobody knows any more goes by the id."
  type User {
    id: ID!
    username: String! @faults(users: "partial")
    "For oneself and admins."
    email: String @access(rule: "email:read") @faults(users: "partial")
    profile: UserProfile @faults(users: "partial")
    "The rooms they are in, of those that the caller may see, newest first."
    rooms: [Room!]! @access(rule: "room:list") @faults(rooms: "partial")
    "What they said in rooms that the caller may see, newest first."
    messages(first: Int, after: String): MessageConnection @access(rule: "message:list") @faults(messages: "partial")
  }

  type UserProfile { name: String! about: String avatarUrl: String }

  input UpdateProfileInput { name: String about: String avatarUrl: String }
`;
