import { readFile } from 'node:fs/promises'
import { type ServerConfig, serve } from './server.js'

const [, , path = ''] = process.argv
await serve(JSON.parse(await readFile(path, 'utf8')) as ServerConfig)
