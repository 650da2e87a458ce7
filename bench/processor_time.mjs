// node processor_time.mjs LIGHTHOUSE ARTIFACTS: the total blocking time that Lighthouse would report had no task waited
// for a core. Its own counts the time on the clock, which the programs beside it lengthen, four times over.
const [lighthouse, artifacts] = process.argv.slice(2);
const part = (path) => import(`${lighthouse}/core/${path}`);
const { loadArtifacts } = await part('lib/asset-saver.js');
const { Graph } = await part('lib/lantern/lantern.js');
const { LanternTotalBlockingTime } = await part('computed/metrics/lantern-total-blocking-time.js');

Object.defineProperty(Graph.CPUNode.prototype, 'duration', {
  get() { return this.event.tdur ?? this.event.dur; },
});

const { Trace: trace, DevtoolsLog: devtoolsLog, GatherContext: gatherContext, URL, settings } = loadArtifacts(artifacts);
const data = { trace, devtoolsLog, gatherContext, URL, settings };
const found = await LanternTotalBlockingTime.request(data, { settings, computedCache: new Map() });
console.log(found.timing);
