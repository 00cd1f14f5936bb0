export { AttachmentPath, attachmentFields, ThumbnailPath, withAttachments, type DraftFields } from './fields.js';
export { readContent, readThumbnail } from './pass-bytes.js';
export { uploadAttachments, type Media } from './upload-attachments.js';
