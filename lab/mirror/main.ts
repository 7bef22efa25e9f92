import { toStderr } from '../support/log.js'
import { buildAgnhost, buildMirror } from './build.js'
import { elapsed } from './progress.js'

/** `node dist/lab/mirror/main.js`: fills the cache ahead of time, without a lab; with `--agnhost` that image too. */
const start = Date.now()
const content = await buildMirror({ log: toStderr })
if (process.argv.includes('--agnhost')) await buildAgnhost({ log: toStderr })
toStderr(`ready after ${elapsed(Math.round((Date.now() - start) / 1000))}: ${content.files}`)
