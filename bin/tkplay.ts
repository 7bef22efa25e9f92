#!/usr/bin/env node
import { main } from '../engine/cli/main.js'

process.exitCode = await main(process.argv)
