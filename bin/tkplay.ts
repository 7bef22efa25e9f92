#!/usr/bin/env node
import { join } from 'node:path'
import { compiledCode } from './compiled-code.js'
import { loadProgram } from './load-program.js'
import { optimizeLater } from './optimize-later.js'

/** The digest of the bundle; `scripts/bundle.ts` inserts it here. */
declare const BUNDLE_ID: string

optimizeLater()
const program = loadProgram(join(import.meta.dirname, '..', 'program.cjs'), compiledCode(BUNDLE_ID, process.argv[2]))
process.exitCode = await program.main(process.argv)
