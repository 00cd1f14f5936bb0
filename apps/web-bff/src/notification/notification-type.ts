export const notificationSdl = `
  enum NotificationType { MENTION REPLY }

  extend type Query {
    "What the caller should look at, newest first."
    notifications(first: Int, after: String): NotificationConnection @access(rule: "notification:list") @faults(notifications: "partial")
  }

  type Notification {
    id: ID!
    type: NotificationType!
    "The beginning of the message, at most 280 characters."
    text: String!
    room: Room @access(rule: "room:read") @faults(rooms: "partial")
    message: Message @access(rule: "message:read") @faults(messages: "partial")
    createdAt: DateTime!
    read: Boolean!
  }

  type NotificationConnection { edges: [NotificationEdge!]! pageInfo: PageInfo! }
  type NotificationEdge { cursor: String! node: Notification }
`;
