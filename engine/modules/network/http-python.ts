/** A request by Python's standard library: reads the request as JSON, prints the answer as JSON with the body in base64. */
export const pythonClient = `
import base64, json, socket, ssl, sys, urllib.error, urllib.request, http.client
q = json.load(sys.stdin)
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *a, **k):
        return None
class Unix(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(q['timeout'])
        self.sock.connect(q['unixSocket'])
class UnixHandler(urllib.request.HTTPHandler):
    def http_open(self, r):
        return self.do_open(Unix, r)
tls = ssl.create_default_context(cafile=q.get('caPath'))
if q.get('clientCert'):
    tls.load_cert_chain(q['clientCert'], q.get('clientKey'))
if not q['validateCerts']:
    tls.check_hostname = False
    tls.verify_mode = ssl.CERT_NONE
parts = [urllib.request.HTTPSHandler(context=tls)]
if not q['follow']:
    parts.append(Stay())
if not q['useProxy']:
    parts.append(urllib.request.ProxyHandler({}))
if q.get('unixSocket'):
    parts.append(UnixHandler())
body = q.get('body')
r = urllib.request.Request(q['url'], data=None if body is None else body.encode(), headers=q['headers'], method=q['method'])
if q.get('user') is not None:
    word = base64.b64encode((q['user'] + ':' + q.get('password', '')).encode()).decode()
    r.add_unredirected_header('Authorization', 'Basic ' + word)
def tell(a, **more):
    print(json.dumps(dict({'status': a.status or 200, 'reason': getattr(a, 'reason', ''), 'url': a.url, 'headers': a.headers.items(),
        'body': base64.b64encode(a.read()).decode()}, **more)))
try:
    tell(urllib.request.build_opener(*parts).open(r, timeout=q['timeout']))
except urllib.error.HTTPError as e:
    tell(e)
except Exception as e:
    print(json.dumps({'status': -1, 'url': q['url'], 'headers': [], 'body': '', 'error': str(e)}))
`
