import { isJsonObject, type Json } from '../../core/json.js'

/** The results of changes, put together: later entries win. */
export const mergeResults = (applied: readonly Json[]): { readonly [key: string]: Json } =>
  Object.assign({}, ...applied.filter(isJsonObject))
