// A language model service, for tests of agents: node service.js portfile
// command.  Speaks the protocols of Anthropic (/v1/messages), OpenAI
// (/v1/responses) and Google (:streamGenerateContent), on localhost.  Has the
// agent run the command by its tool for that, and says what came out of it.
'use strict';

const fs = require('fs');
const http = require('http');

const [, , portfile, command] = process.argv;

function event(response, name, data) {
	if (name)
		response.write(`event: ${name}\n`);
	response.write(`data: ${JSON.stringify(data)}\n\n`);
}

function anthropic(body, response) {
	const last = body.messages[body.messages.length - 1];
	const result = Array.isArray(last.content) &&
	    last.content.find((c) => c.type === 'tool_result');
	const tool = (body.tools || []).find((t) => /^bash$/i.test(t.name));
	const call = tool && !result;
	const block = call ? { type: 'tool_use', id: 'toolu_1', name: tool.name,
	    input: { command, description: 'run' } } :
	    { type: 'text', text: `said: ${JSON.stringify(result ?
	    result.content : 'nothing')}` };
	const message = { id: 'msg_1', type: 'message', role: 'assistant',
	    model: body.model, content: [], stop_reason: null,
	    stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } };
	const stop = call ? 'tool_use' : 'end_turn';

	if (!body.stream) {
		response.setHeader('Content-Type', 'application/json');
		response.end(JSON.stringify({ ...message, content: [block],
		    stop_reason: stop }));
		return;
	}
	response.setHeader('Content-Type', 'text/event-stream');
	event(response, 'message_start', { type: 'message_start', message });
	event(response, 'content_block_start', { type: 'content_block_start',
	    index: 0, content_block: call ? { ...block, input: {} } :
	    { type: 'text', text: '' } });
	event(response, 'content_block_delta', { type: 'content_block_delta',
	    index: 0, delta: call ? { type: 'input_json_delta',
	    partial_json: JSON.stringify(block.input) } :
	    { type: 'text_delta', text: block.text } });
	event(response, 'content_block_stop', { type: 'content_block_stop',
	    index: 0 });
	event(response, 'message_delta', { type: 'message_delta',
	    delta: { stop_reason: stop, stop_sequence: null },
	    usage: { output_tokens: 1 } });
	event(response, 'message_stop', { type: 'message_stop' });
	response.end();
}

function openai(body, response) {
	const result = body.input.find((i) => /_output$/.test(i.type));
	const names = (body.tools || []).map((t) => t.name);
	const name = ['exec_command', 'shell_command', 'shell'].find((n) =>
	    names.includes(n));
	const item = name && !result ? { type: 'function_call', id: 'fc_1',
	    call_id: 'call_1', name, arguments: JSON.stringify(
	    name === 'shell' ? { command: ['sh', '-c', command] } :
	    name === 'exec_command' ? { cmd: command } : { command }) } :
	    { type: 'message', role: 'assistant', id: 'msg_1', content: [{
	    type: 'output_text', text: `said: ${JSON.stringify(result ?
	    result.output : names)}` }] };

	response.setHeader('Content-Type', 'text/event-stream');
	event(response, 'response.created', { type: 'response.created',
	    response: { id: 'resp_1' } });
	event(response, 'response.output_item.done', {
	    type: 'response.output_item.done', output_index: 0, item });
	event(response, 'response.completed', { type: 'response.completed',
	    response: { id: 'resp_1', output: [item], usage: {
	    input_tokens: 1, output_tokens: 1, total_tokens: 2,
	    input_tokens_details: null, output_tokens_details: null } } });
	response.end();
}

function google(body, response, stream) {
	const last = body.contents[body.contents.length - 1];
	const result = last.parts.find((p) => p.functionResponse);
	const names = (body.tools || []).flatMap((t) =>
	    t.functionDeclarations || []).map((f) => f.name);
	const call = names.includes('run_shell_command') && !result;
	const answer = { candidates: [{ index: 0, finishReason: 'STOP',
	    content: { role: 'model', parts: [call ? { functionCall: {
	    name: 'run_shell_command', args: { command } } } :
	    { text: `said: ${JSON.stringify(result ?
	    result.functionResponse.response : names)}` }] } }],
	    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1,
	    totalTokenCount: 2 } };

	if (stream) {
		response.setHeader('Content-Type', 'text/event-stream');
		event(response, null, answer);
		response.end();
	} else {
		response.setHeader('Content-Type', 'application/json');
		response.end(JSON.stringify(answer));
	}
}

const server = http.createServer((request, response) => {
	let text = '';

	request.on('data', (d) => { text += d; });
	request.on('end', () => {
		let body;

		try {
			body = JSON.parse(text);
		} catch (e) {
			body = {};
		}
		if (process.env.TRACE)
			console.error(request.method, request.url,
			    text.slice(0, 300));
		if (request.url.includes('count_tokens')) {
			response.setHeader('Content-Type', 'application/json');
			response.end('{"input_tokens":1,"totalTokens":1}');
		} else if (/messages/.test(request.url) && body.messages)
			anthropic(body, response);
		else if (/responses$/.test(request.url) && body.input)
			openai(body, response);
		else if (/[gG]enerateContent/.test(request.url) &&
		    body.contents)
			google(body, response, /stream/.test(request.url));
		else {
			response.statusCode = 404;
			response.end('{}');
		}
	});
});

server.listen(0, '127.0.0.1', () => {
	fs.writeFileSync(portfile + '.new', `${server.address().port}`);
	fs.renameSync(portfile + '.new', portfile);
});
setTimeout(() => process.exit(1), 300000);
