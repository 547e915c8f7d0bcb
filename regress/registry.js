// A package registry with one package, for tests: node registry.js tarball
// portfile.  Serves the tarball as greet 1.0.0 on localhost.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const http = require('http');

const tarball = fs.readFileSync(process.argv[2]);
const integrity = 'sha512-' +
    crypto.createHash('sha512').update(tarball).digest('base64');

const server = http.createServer((request, response) => {
	const here = `http://127.0.0.1:${server.address().port}`;

	if (request.url === '/greet') {
		response.setHeader('Content-Type', 'application/json');
		response.end(JSON.stringify({
			name: 'greet',
			'dist-tags': { latest: '1.0.0' },
			versions: { '1.0.0': {
				name: 'greet', version: '1.0.0',
				bin: { greet: 'greet.js' },
				dist: { tarball: `${here}/greet.tgz`, integrity }
			} }
		}));
	} else if (request.url === '/greet.tgz') {
		response.end(tarball);
	} else {
		response.statusCode = 404;
		response.end('{}');
	}
});

server.listen(0, '127.0.0.1', () => {
	fs.writeFileSync(process.argv[3] + '.new', `${server.address().port}`);
	fs.renameSync(process.argv[3] + '.new', process.argv[3]);
});
setTimeout(() => process.exit(1), 120000);
