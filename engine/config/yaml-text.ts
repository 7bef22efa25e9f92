import { stringify } from 'yaml'
import type { Json } from '../core/json.js'

/** A value as YAML, for files of others: no line is folded. */
export const yamlText = (value: Json): string => stringify(value, { lineWidth: 0 })
