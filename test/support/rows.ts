import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** The rows of a YAML file of cases, each with a name of its own. */
export const rowsOf = <Row extends { readonly name: string }>(
  file: string,
  columns: readonly (keyof Row & string)[],
): readonly Row[] => {
  const rows = known(parse(readFileSync(file, 'utf8'), { merge: true }) as readonly Row[], columns, file)
  const twice = rows.find(({ name }, index) => rows.findIndex(row => row.name === name) !== index)
  if (twice !== undefined) throw new Error(`${file}: two rows are called '${twice.name}'`)
  return rows
}

/** @throws where a row has a column that nobody reads: what is misspelled would be expected of nothing */
export const known = <Row extends object>(
  rows: readonly Row[],
  columns: readonly (keyof Row & string)[],
  file: string,
): readonly Row[] => {
  for (const row of rows) {
    const odd = Object.keys(row).find(column => !(columns as readonly string[]).includes(column))
    if (odd !== undefined) throw new Error(`${file}: nobody reads '${odd}' of ${JSON.stringify(row).slice(0, 200)}`)
  }
  return rows
}
