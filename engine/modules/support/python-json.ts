import { ExactNumber, type Json } from '../../core/json.js'
import { numberText } from '../../core/number-text.js'

/** JSON as Python's json.dumps writes it: a blank after each comma and colon, and ASCII only. */
export const pythonJson = (json: Json): string => {
  if (Array.isArray(json)) return `[${json.map(pythonJson).join(', ')}]`
  if (json instanceof ExactNumber) return json.text
  if (typeof json === 'number') return numberText(json)
  if (typeof json === 'object' && json !== null) {
    return `{${Object.entries(json)
      .map(([key, value]) => `${pythonJson(key)}: ${pythonJson(value)}`)
      .join(', ')}}`
  }
  return JSON.stringify(json).replace(
    /[\u007f-\uffff]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
