import { toStderr } from '../log.js'
import { buildMirror } from './build.js'
import { elapsed } from './progress.js'

/** `node dist/lab/mirror/main.js`: fills the cache ahead of time, without a lab. */
const start = Date.now()
const content = await buildMirror({ log: toStderr })
toStderr(`ready after ${elapsed(Math.round((Date.now() - start) / 1000))}: ${content.files}`)
