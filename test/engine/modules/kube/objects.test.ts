import t from 'tap'
import { parseManifest, patched } from '../../../../engine/modules/kube/objects.js'

t.test('a patch adds to lists by name and leaves the rest', async t => {
  const [object] = patched(
    parseManifest(
      'kind: DaemonSet\nmetadata: {name: n}\nspec: {containers: [{name: c, image: i, env: [{name: A, value: "1"}]}, {name: d}]}\n---\nkind: Other\n',
      'm.yaml',
    ),
    [
      {
        kind: 'DaemonSet',
        name: 'n',
        merge: {
          spec: {
            containers: [
              {
                name: 'c',
                env: [
                  { name: 'B', value: '2' },
                  { name: 'A', value: '3' },
                ],
              },
            ],
          },
        },
      },
    ],
  )
  t.same(object, {
    kind: 'DaemonSet',
    metadata: { name: 'n' },
    spec: {
      containers: [
        {
          name: 'c',
          image: 'i',
          env: [
            { name: 'A', value: '3' },
            { name: 'B', value: '2' },
          ],
        },
        { name: 'd' },
      ],
    },
  })
})

t.test('a patch that fits nothing is an error that names it', async t => {
  try {
    patched([], [{ kind: 'DaemonSet', name: 'calico-node', merge: {} }])
    t.fail('it was taken')
  } catch (error) {
    t.match(error, { failure: { kind: 'refused', code: 'patch-lost', data: { object: 'DaemonSet calico-node' } } })
  }
})

t.test('a List is its items', async t => {
  t.equal(parseManifest('kind: List\nitems: [{kind: A}, {kind: B}]\n---\n---\nkind: C\n', 'm.yaml').length, 3)
})
