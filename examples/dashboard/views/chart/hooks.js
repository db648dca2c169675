// The chart's hook, beside the view that it is for: `phx-hook="chart.RoundTrips"`.
import uPlot from "/assets/vendor/uPlot.esm.js";

const RoundTrips = {
  mounted() {
    const style = getComputedStyle(document.documentElement);
    const [ink, line, accent] = ["--hh-soft", "--hh-line", "--hh-accent"].map((name) => style.getPropertyValue(name));
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    // The view leaves the inside of this element to the library: it has `phx-update="ignore"`.
    const place = this.el.querySelector("#plot");
    this.plot = new uPlot({
      width: place.clientWidth,
      height: 260,
      scales: { x: { time: false } },
      legend: { show: false },
      axes: [axis, { ...axis, size: 60 }],
      series: [{}, { stroke: accent, width: 2, points: { show: true, size: 6, fill: accent } }],
    }, [[], []], place);
    // For whoever looks at it from the console.
    place.plot = this.plot;
    this.resized = new ResizeObserver(() => this.plot.setSize({ width: place.clientWidth, height: 260 }));
    this.resized.observe(place);

    this.handleEvent("chart:draw", ({ points }) => this.draw(points));
    this.handleEvent("chart:add", ({ point, range }) => this.draw([...this.points, point].slice(-range)));
    this.el.addEventListener("measure", () => this.measure());
    this.el.addEventListener("measure-steadily", ({ detail }) => this.steadily(detail.dispatcher));
    this.draw([]);
    this.pushEvent("ready");
  },

  // A view that was lost has forgotten what it had.
  reconnected() { this.pushEvent("ready"); },

  destroyed() {
    clearInterval(this.every);
    this.resized.disconnect();
    this.plot.destroy();
  },

  draw(points) {
    this.points = points;
    this.plot.setData([points.map(([number]) => number), points.map(([, ms]) => ms)]);
  },

  async measure() {
    const began = performance.now();
    await this.pushEvent("ping");
    this.pushEvent("measured", { ms: performance.now() - began });
  },

  steadily(button) {
    if (this.every) clearInterval(this.every);
    this.every = this.every ? null : setInterval(() => this.measure(), 1000);
    // In a way that the view's next answer does not take back.
    this.js().setAttribute(button, "aria-pressed", String(Boolean(this.every)));
  },
};

export default { RoundTrips };
