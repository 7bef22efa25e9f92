import { command } from '../../shell/quote.js'

/** What to type to pin the keys of hosts. `inventory`: as it was given, or the hosts would not be found. */
export const trustCommand = (
  pattern: string,
  { inventory = [], more = [] }: { readonly inventory?: readonly string[]; readonly more?: readonly string[] },
): string => command(['tkplay', 'trust', pattern, ...inventory.flatMap(source => ['-i', source]), ...more])
