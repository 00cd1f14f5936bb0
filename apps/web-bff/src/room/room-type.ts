export const roomSdl = `
  enum RoomType { PUBLIC PRIVATE DIRECT }

  extend type Query {
    "A room that the caller may see."
    room(id: ID!): Room @access(rule: "room:read") @faults(rooms: "partial")
    "All rooms that the caller may see, newest first."
    rooms(first: Int, after: String): RoomConnection! @access(rule: "room:list") @faults(rooms: "problem")
  }

  extend type Mutation {
    createRoom(input: CreateRoomInput!): Room! @access(rule: "room:create") @faults(rooms: "once")
    joinRoom(id: ID!): Room! @access(rule: "room:join") @faults(rooms: "problem")
    leaveRoom(id: ID!): Boolean! @access(rule: "room:leave") @faults(rooms: "problem")
    "The caller has read the room up to a message; it never moves back."
    markRead(roomId: ID!, messageId: ID!): Room! @access(rule: "room:mark-read") @faults(notifications: "problem", rooms: "problem")
  }

  type Room {
    id: ID!
    "A direct room is named after its other members, for each who looks."
    name: String! @faults(users: "stale")
    type: RoomType!
    topic: String
    members: [User!]! @access(rule: "room:read") @faults(rooms: "partial")
    "What was said, newest first."
    messages(first: Int, after: String): MessageConnection @access(rule: "message:list-in-room") @faults(messages: "partial")
    lastMessage: Message @access(rule: "message:list-in-room") @faults(messages: "partial")
    "How many messages of others somebody has not read, up to 1,000. Another's is for admins."
    unreadCount(userId: ID!): Int @access(rule: "unread:count-in-room") @faults(notifications: "partial")
  }

  type RoomConnection { edges: [RoomEdge!]! pageInfo: PageInfo! }
  type RoomEdge { cursor: String! node: Room }

  input CreateRoomInput { name: String! type: RoomType! topic: String memberIds: [ID!] }
`;
