import t from 'tap'
import { didYouMean, nearest } from '../../../engine/config/did-you-mean.js'

t.test('names that are near', async t => {
  const known = ['become', 'become_user', 'register', 'when', 'with_items', 'notify']
  t.equal(didYouMean('becom', known), "did you mean 'become'?")
  t.equal(didYouMean('registre', known), "did you mean 'register'?", 'a transposition is one slip')
  t.equal(didYouMean('Become-User', known), "did you mean 'become_user'?", 'case and separators hardly count')
  t.equal(didYouMean('zzz', known), undefined)
  t.equal(didYouMean('when', ['when']), undefined, 'a name is not near itself')
  t.same(nearest('cat', ['car', 'cut', 'dog'], 2), ['car', 'cut'])
})
