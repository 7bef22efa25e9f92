import { command } from '../../shell/quote.js'

/**
 * The `tkplay trust` command that pins the keys of hosts.
 * @param inventory the values of `-i`; without them the command would not find the hosts
 */
export const trustCommand = (
  pattern: string,
  { inventory = [], more = [] }: { readonly inventory?: readonly string[]; readonly more?: readonly string[] },
): string => command(['tkplay', 'trust', pattern, ...inventory.flatMap(source => ['-i', source]), ...more])
