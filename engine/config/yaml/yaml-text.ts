import { stringify } from 'yaml'
import type { Json } from '../../core/json.js'

/**
 * A value as YAML, for files of other programs: no line is folded, and words that YAML 1.1 reads as booleans are
 * quoted.
 */
export const yamlText = (value: Json): string => stringify(value, { lineWidth: 0, version: '1.1' })
