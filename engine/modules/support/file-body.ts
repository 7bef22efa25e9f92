/** What a file is to hold, as JSON, so that prepared parameters can be saved and compared. */
export type FileBody = { readonly text: string } | { readonly base64: string }

/** UTF-8 without NUL bytes stays text; anything else is base64. */
export const fileBody = (bytes: Uint8Array): FileBody => {
  const text = asText(bytes)
  return text === undefined ? { base64: Buffer.from(bytes).toString('base64') } : { text }
}

/** The text that the bytes are; undefined where they are not text. */
export const asText = (bytes: Uint8Array): string | undefined => {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

export const bytesOf = (body: FileBody): Uint8Array =>
  'text' in body ? Buffer.from(body.text) : Buffer.from(body.base64, 'base64')
