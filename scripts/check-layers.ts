/** Prints every import that violates the layering, with its position and what would be allowed. */
import { inWords, violations } from './lib/layers.js'

const found = violations().map(inWords)
for (const line of found) process.stdout.write(`${line}\n`)
if (found.length > 0) process.exitCode = 1
