import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import type { Value } from '../../../engine/core/value.js'
import { type Inventory, loadInventory } from '../../../engine/inventory/inventory.js'
import { saidLater } from '../config/errors.js'

/** Writes the files into a folder of the test's own. */
export const folder = (t: Test, files: { readonly [path: string]: string }): string => {
  const dir = t.testdir({})
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  return dir
}

export const load = (
  t: Test,
  files: { readonly [path: string]: string },
  ...sources: readonly string[]
): Promise<Inventory> => {
  const dir = folder(t, files)
  return loadInventory((sources.length === 0 ? Object.keys(files).slice(0, 1) : sources).map(one => join(dir, one)))
}

export const saidOf = async (
  t: Test,
  files: { readonly [path: string]: string },
  ...sources: readonly string[]
): Promise<string> => {
  const dir = folder(t, files)
  const said = await saidLater(() =>
    loadInventory((sources.length === 0 ? Object.keys(files).slice(0, 1) : sources).map(one => join(dir, one))),
  )
  return said.replaceAll(`${dir}/`, '').replaceAll(dir, '.')
}

/** A host's variables as they win. */
export const varsOf = (inventory: Inventory, host: string): { readonly [name: string]: Value } =>
  Object.fromEntries(
    inventory.layersOf(host).flatMap(layer => [...layer.bindings].map(([name, { value }]) => [name, value])),
  )
