import type { JsonObject, JsonSchema } from '../../core/json.js'

type More = JsonObject

/** A module's parameters: unknown names are errors. */
export const object = (properties: JsonObject, required: readonly string[] = [], more: More = {}): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  ...(required.length === 0 ? {} : { required }),
  properties,
  ...more,
})

export const str = (description: string, more: More = {}): JsonSchema => ({ type: 'string', description, ...more })

export const int = (description: string, more: More = {}): JsonSchema => ({ type: 'integer', description, ...more })

export const bool = (description: string, fallback?: boolean, more: More = {}): JsonSchema => ({
  type: 'boolean',
  description,
  ...(fallback === undefined ? {} : { default: fallback }),
  ...more,
})

export const oneOf = (
  description: string,
  values: readonly string[],
  fallback?: string,
  more: More = {},
): JsonSchema => ({
  enum: values,
  description,
  ...(fallback === undefined ? {} : { default: fallback }),
  ...more,
})

/** A list of strings; the validator splits a single string at commas. */
export const list = (description: string, more: More = {}): JsonSchema => ({
  type: 'array',
  items: { type: 'string' },
  description,
  ...more,
})

/** A parameter of Ansible's that may stand there, whatever its value: a warning says that nothing comes of it, and why. */
export const inert = (why: string, more: More = {}): JsonSchema => ({
  description: `It has no effect: ${why}.`,
  inert: why,
  ...more,
})

/** A path on the host, in one spelling. */
export const path = (description: string, more: More = {}): JsonSchema =>
  str(description, { minLength: 1, tidy: 'drop', ...more })

/** A path on the host of which a slash at its end says that it is a folder. */
export const pathOrFolder = (description: string, more: More = {}): JsonSchema =>
  path(description, { tidy: 'keep', ...more })

/** Permissions. The validator turns YAML's number 0644 into text and refuses a decimal 644. */
export const mode = (
  description = 'Permissions: octal (`"0644"`) or symbolic (`u=rwX,g-w`).',
  more: More = {},
): JsonSchema => str(description, { format: 'mode', examples: ['0644', 'u=rwX,g=rX,o='], ...more })

const noContext = 'SELinux contexts are not set; `restorecon` by `command` sets them'

export const attributes = {
  mode: mode(),
  owner: str('Name or number of the user who owns it.', { examples: ['root'] }),
  group: str('Name or number of the group that owns it.', { examples: ['root'] }),
  attributes: inert('the flags of files are not set; `chattr` by `command` sets them', { aliases: ['attr'] }),
  ...Object.fromEntries(['seuser', 'serole', 'setype', 'selevel'].map(name => [name, inert(noContext)])),
} as const

export const backup = bool('Keep what was there in a file beside it, named with the time.', false)

export const validate = str(
  'A command that must accept the new file before it takes the place of the old; `%s` is its path.',
  {
    examples: ['/usr/sbin/visudo -cf %s'],
    pattern: '%s',
  },
)

export const unsafeWrites = bool(
  'Write into the file instead of replacing it. Files that cannot be replaced (bind mounts) are written so without asking.',
  false,
)

/** For `allOf`: two parameters that cannot stand together. */
export const exclusive = (a: string, b: string): JsonSchema => ({
  not: { required: [a, b] },
})

/** For `allOf`: at least one of these must stand. */
export const needsOne = (...names: readonly string[]): JsonSchema => ({
  anyOf: names.map(name => ({ required: [name] })),
})

/** For `allOf`: what holds while a parameter has one of these values. Without `orAbsent` it must stand there. */
export const whenever = (
  name: string,
  values: readonly (string | boolean)[],
  then: JsonSchema,
  { orAbsent = false }: { readonly orAbsent?: boolean } = {},
): JsonSchema => ({
  if: { properties: { [name]: { enum: values } }, ...(orAbsent ? {} : { required: [name] }) },
  then,
})
