document.documentElement.dataset.garden = 'is open';
