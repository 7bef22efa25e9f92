#!/usr/bin/env node
import { CommanderError } from 'commander'
import { complain } from '../engine/cli/errors.js'
import { exit } from '../engine/cli/exit.js'
import { program } from '../engine/cli/program.js'

const say = (line: string): void => void process.stderr.write(`${line}\n`)
const finish = (code: number): void => {
  process.exitCode = code
}

try {
  await program(finish)
    .exitOverride()
    .parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) finish(error.exitCode === 0 ? exit.ok : exit.usage)
  else finish(complain(error, say))
}
