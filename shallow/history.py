"""Years of the history that *Start here* tells, for its figure and the landing page."""

EVENTS = {
    1943: "neuron as logic",
    1957: "perceptron",
    1958: "Mark I, press",
    1969: "limits of one layer",
    1986: "backpropagation",
    1989: "Cybenko",
    1991: "Hornik",
    2012: "AlexNet",
    2015: "residual networks",
}
WINTERS = [(1974, 1980), (1987, 1993)]
