/** Bounds of the MIME walk: every mail is written by a stranger. What is cut is named in ParsedMail.limits. */
export const MIME_LIMITS = {
  /** Bytes looked at. */
  bytes: 1024 * 1024,
  /** Multiparts and embedded mails inside one another; reports need four. */
  depth: 20,
  /** Parts in all; reports need five. */
  parts: 500,
  /** Header fields of one part. */
  fields: 1000,
  /** Bytes of one header field, folded lines included. */
  fieldBytes: 16 * 1024,
  /** Bytes of one part's body that are decoded: the reasons stand at its beginning. */
  bodyBytes: 256 * 1024,
} as const;
