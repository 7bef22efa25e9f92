import { stringify } from 'yaml'
import type { Json } from '../../core/json.js'

/** A value as YAML, for files of others: no line is folded, and what YAML 1.1 would take for a boolean is quoted. */
export const yamlText = (value: Json): string => stringify(value, { lineWidth: 0, version: '1.1' })
