export const messageSdl = `
  enum MessageType { TEXT SYSTEM }

  extend type Mutation {
    "Says something; the same clientId of the same author again is the same message."
    sendMessage(input: SendMessageInput!): Message! @access(rule: "message:create") @faults(messages: "once")
    editMessage(id: ID!, content: String!): Message! @access(rule: "message:edit") @faults(messages: "problem")
    "Leaves a tombstone."
    deleteMessage(id: ID!): Boolean! @access(rule: "message:delete") @faults(messages: "problem")
    addReaction(messageId: ID!, emoji: String!): Reaction! @access(rule: "message:react") @faults(messages: "problem")
    "Whether there was one to remove."
    removeReaction(messageId: ID!, emoji: String!): Boolean! @access(rule: "message:unreact") @faults(messages: "problem")
  }

  type Message {
    id: ID!
    "1 to 4,000 characters; empty once deleted, and may be where there are attachments."
    content: String!
    type: MessageType!
    user: User!
    room: Room! @access(rule: "room:read") @faults(rooms: "partial")
    replyTo: Message @faults(messages: "partial")
    reactions: [Reaction!]!
    attachments: [Attachment!]!
    createdAt: DateTime!
    updatedAt: DateTime!
    deletedAt: DateTime
  }

  type Reaction { emoji: String! count: Int! mine: Boolean! }

  "A file that came with a message; paths are on this host."
  type Attachment {
    id: ID!
    name: String!
    "Media type, told from the bytes."
    type: String!
    "In bytes."
    size: Int!
    "Of an image, as it is shown, in pixels."
    width: Int
    height: Int
    url: String!
    "Of an image, smallest first."
    thumbnails: [Thumbnail!]!
  }

  type Thumbnail { width: Int! url: String! }

  type MessageConnection { edges: [MessageEdge!]! pageInfo: PageInfo! }
  type MessageEdge { cursor: String! node: Message }

  input SendMessageInput { roomId: ID! content: String! replyTo: ID clientId: ID attachmentIds: [ID!] }
`;
