import { posix } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { tidyPath } from '../../../../engine/config/schema/host-path.js'
import { isJsonObject } from '../../../../engine/core/json.js'
import { modules } from '../../../../engine/modules/index.js'
import { paramsOf } from '../../../support/cases.js'

const words = fc.array(fc.constantFrom('', '.', '..', 'a', '-b', '~', 'c\\d', 'é', 'x y', '...'), { maxLength: 6 })
const paths = words.map(parts => `/${parts.join('/')}`)

t.test('one place has one spelling', async t => {
  fc.assert(
    fc.property(paths, path => {
      const tidy = tidyPath(path)
      t.equal(tidyPath(tidy), tidy, 'once is enough')
      t.equal(posix.normalize(`${tidy}/`), posix.normalize(`${path}/`), 'the same place')
      t.notMatch(tidy, /\/\/|\/\.(\/|$)|.\/$/, path)
      t.equal(tidyPath(path, 'keep').replace(/(?<=.)\/$/, ''), tidy)
    }),
  )
})

t.test('what is no place beneath the root keeps its beginning', async t => {
  for (const path of ['none', 'a/b', './x', '~user/x', '~', '../x', '']) t.equal(tidyPath(path), path)
  t.equal(tidyPath('~/'), '~')
  t.equal(tidyPath('/'), '/')
  t.equal(tidyPath('///'), '/')
  t.equal(tidyPath('/./'), '/')
})

t.test('every module takes paths of the host in one spelling', async t => {
  for (const module of modules) {
    const properties = module.params['properties']
    for (const [name, property] of Object.entries(isJsonObject(properties) ? properties : {})) {
      if (!isJsonObject(property) || property['tidy'] === undefined) continue
      // A rule for its end (`.asc`) is not what is tried here.
      const { pattern: _pattern, ...plain } = property
      const alone = { ...module, params: { type: 'object', properties: { [name]: plain } } }
      const end = property['tidy'] === 'keep' ? '/' : ''
      t.equal(paramsOf(alone, { [name]: '/x//y/./z/' })[name], `/x/y/z${end}`, `${module.name}: ${name}`)
    }
  }
})
