import { readFile } from 'node:fs/promises'
import { type ServerConfig, serve } from './server.js'

const [, , path = ''] = process.argv
try {
  await serve(JSON.parse(await readFile(path, 'utf8')) as ServerConfig)
} catch (error) {
  console.error(String(error))
  process.exit(1)
}
